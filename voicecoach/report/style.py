"""How the sheet looks: for one side of A4, in any browser, also without colours."""

STYLE = """\
@page { size: A4; margin: 11mm 13mm; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #111; font: 9pt/1.32 Arial, Helvetica, "Liberation Sans",
  "DejaVu Sans", sans-serif; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
main { max-width: 184mm; margin: 0 auto; }
@media screen { main { padding: 11mm 0; } }
header { display: flex; justify-content: space-between; align-items: baseline; }
h1 { font-size: 15pt; margin: 0; }
h2 { font-size: 10pt; margin: 0 0 1mm; border-bottom: 0.3mm solid #1f5f8b; color: #1f5f8b; }
p, ul { margin: 0 0 1mm; }
ul { padding-left: 4mm; }
section { margin-bottom: 2.5mm; break-inside: avoid; }
.name { color: #555; margin: 1.5mm 0; }
.name span { display: inline-block; width: 45mm; border-bottom: 0.2mm solid #777; margin-right: 6mm; }
.notice { border: 0.3mm solid #777; padding: 1mm 2mm; margin-bottom: 2.5mm; }
.glance { display: flex; gap: 2mm; }
.glance p { flex: 1 1 0; margin: 0; padding: 1mm 2mm; background: #eef3f7; font-size: 8pt; }
.glance b { display: block; font-size: 10.5pt; }
.glance .alarm { background: #fbe9e9; border: 0.4mm solid #b91c1c; }
.glance .alarm b, span.alarm { color: #b91c1c; }
.columns { display: flex; gap: 6mm; }
.columns > div { flex: 1 1 0; min-width: 0; }
.small, .legend { font-size: 8pt; color: #333; }
.older { font-size: 8pt; border-top: 0.2mm solid #999; padding-top: 1mm; }
.before { color: #6b7280; } .after { color: #1f5f8b; }
i { font-style: normal; color: #555; }
table { width: 100%; border-collapse: collapse; margin-bottom: 1mm; }
th { text-align: left; font-weight: normal; color: #555; font-size: 8pt; padding: 0 1mm; }
td { border-top: 0.2mm solid #ddd; padding: 0.2mm 1mm; }
td.bar { width: 45%; }
td.bar span { display: block; height: 2.4mm; background: #1f5f8b; }
.dense { font-size: 7.6pt; line-height: 1.22; }
.dense .small, .dense .legend, .dense .older, .dense th, .dense .glance p { font-size: 7pt; }
.dense .glance b { font-size: 9pt; }
.dense .flags { columns: 2; }
.dense section { margin-bottom: 1.5mm; }
svg { width: 100%; display: block; font: 7.5px Arial, sans-serif; fill: #555; }
svg .grid { stroke: #ddd; stroke-width: 0.5; }
"""
