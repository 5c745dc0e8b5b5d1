"""The emergency number of the region that the system is set to."""

import locale
import os
import re
from collections.abc import Mapping

NUMBERS = {
    "911": "AG AR BB BS BZ CA CR DO EC FJ GT GU HN JM KY LR MX PA PE PH PR PW SV TT US UY VC VE VI",
    "999": "BD BH BW GB HK IE KE MO MU MY PL SG SZ ZW",
    "000": "AU",
    "111": "NZ",
    "119": "JP KR LK TW",
    "120": "CN",
    "190": "TN",
    "192": "BR",
    "131": "CL",
    "123": "CO EG",
    "101": "IL",
    "108": "NP",
    "115": "IR",
    "1669": "TH",
    "10177": "ZA",
}
"""By number, the regions (ISO 3166-1) where it reaches an ambulance and 112 may not be the number that people
know. Everywhere else, and on most mobile telephones of the world (GSM 22.101), 112 does."""
USUAL = "112"


def region(environment: Mapping[str, str] = os.environ) -> str:
    """The system's region, such as "GB"; "" if it names none."""
    for name in ("LC_ALL", "LC_ADDRESS", "LC_TELEPHONE", "LANG"):
        if found := re.match(r"[a-z]{2,3}_([A-Z]{2})\b", environment.get(name, "")):
            return found[1]
    try:
        named = locale.getlocale()[0] or ""
    except ValueError:  # a locale that Python does not know
        return ""
    found = re.match(r"[a-z]{2,3}_([A-Z]{2})\b", named)
    return found[1] if found else ""


def emergency_number(of_region: str) -> str:
    """The number to call for an ambulance in a region."""
    return next((number for number, regions in NUMBERS.items() if of_region in regions.split()), USUAL)
