// The looks of the HTML report: two palettes, one column on a phone, two on a screen.

/** Goes into a `style` element as it is. */
export const STYLE = `
:root{--ground:#f6f7f9;--card:#fff;--line:#dde2e8;--ink:#17202a;--soft:#5b6672;--pass:#1c7c4d;--fail:#c23b31;--track:#e8ecf0;--whisker:#17202a}
@media (prefers-color-scheme:dark){:root{--ground:#101419;--card:#181e25;--line:#2b343e;--ink:#e7ecf1;--soft:#9aa6b3;--pass:#43b37c;--fail:#f0776c;--track:#28313a;--whisker:#e7ecf1}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main{max-width:1080px;margin:0 auto;padding:0 16px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:16px;margin:0}
p{margin:0}
.eyebrow{color:var(--soft);font-size:13px;letter-spacing:.04em}
.about{color:var(--soft);font-size:14px;margin-top:6px;display:flex;flex-wrap:wrap;gap:2px 14px}
.about span{overflow-wrap:anywhere}
.gate,figure,.tiles>div,.cases{background:var(--card);border:1px solid var(--line);border-radius:10px}
.gate{margin-top:18px;padding:14px 16px;border-left:5px solid var(--pass)}
.gate.fail{border-left-color:var(--fail)}
.gate h2{font-size:20px}
.gate.pass h2,.gate .pass>span:first-child,details.pass .mark{color:var(--pass)}
.gate.fail h2,.gate .fail>span:first-child,details.fail .mark{color:var(--fail)}
.gate ul{list-style:none;margin:8px 0 0;padding:0}
.gate li{display:flex;gap:8px;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:12px 0 0}
.tiles>div{padding:12px 16px}
dt,.note,figcaption p{color:var(--soft);font-size:13px}
dd{margin:0;overflow-wrap:anywhere}
.value{font-size:24px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.charts{columns:340px 2;column-gap:12px;margin-top:12px}
figure{margin:0 0 12px;padding:14px 16px;break-inside:avoid}
figcaption{margin-bottom:10px}
svg{display:block;width:100%;max-width:560px;height:auto;font-size:11px;font-variant-numeric:tabular-nums}
text{fill:var(--ink)}
.soft text{fill:var(--soft)}
svg .pass{fill:var(--pass)}
svg .fail{fill:var(--fail)}
.track{fill:var(--track)}
.axis{stroke:var(--line);fill:none}
.whisker{stroke:var(--whisker);stroke-width:1.4;fill:none}
.way{stroke-width:3}
.way.pass{stroke:var(--pass)}
.way.fail{stroke:var(--fail)}
.before{fill:var(--card);stroke:var(--soft);stroke-width:2}
main>section:last-child{margin:14px 0 40px}
.cases{margin-top:10px;overflow:hidden}
details+details{border-top:1px solid var(--line)}
summary{display:grid;grid-template-columns:20px minmax(0,1fr) auto;gap:2px 10px;padding:9px 14px;cursor:pointer;align-items:baseline;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--track)}
summary:focus-visible{outline:2px solid var(--pass);outline-offset:-2px}
.id{font-weight:600;overflow-wrap:anywhere}
.score{display:flex;gap:8px;align-items:center;justify-content:flex-end;font-variant-numeric:tabular-nums}
.points{min-width:3.4em;text-align:right}
.key{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:4px}
.key.pass{background:var(--pass)}
.key.fail{background:var(--fail)}
.id::after{content:" ›";color:var(--soft);font-weight:400}
details[open] .id::after{content:" ⌄"}
.bar{width:64px;height:7px;border-radius:4px;background:var(--track);overflow:hidden}
.bar span{display:block;height:100%}
.bar .pass{background:var(--pass)}
.bar .fail{background:var(--fail)}
.time{grid-column:3;color:var(--soft);font-size:13px;text-align:right;font-variant-numeric:tabular-nums}
.fault{grid-column:2;grid-row:2;color:var(--soft);font-size:14px;overflow-wrap:anywhere}
.more{padding:2px 14px 14px 44px}
.more p{margin:6px 0;overflow-wrap:anywhere}
.tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 9px;margin:0 6px 4px 0;font-size:13px;color:var(--soft);overflow-wrap:anywhere}
pre{margin:4px 0 0;padding:10px 12px;background:var(--track);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (min-width:700px){summary{grid-template-columns:20px minmax(0,1fr) 130px 64px}.time{grid-column:4}.score{grid-column:3}}
`;
