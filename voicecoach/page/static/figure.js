export function pose() {}
