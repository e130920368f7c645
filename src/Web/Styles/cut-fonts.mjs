// Cuts each font in two: what Italian and English are written with, and the other letters of Europe's names, which a browser fetches
// only for a page that has one of them. The first part then fits into the first answer of a connection.
// Usage: node cut-fonts.mjs FROM TO NAME=FILE …
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import subsetFont from "subset-font";

const [from, to, ...fonts] = process.argv.slice(2);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join("");
// The ranges stand again beside the addresses, in tokens.css.
const parts = {
  "": range(0x20, 0x7e) + range(0xa0, 0xff) + range(0x2010, 0x2026) + "‹›€™←→↑↓−",
  "-ext": range(0x100, 0x24f) + range(0x1e00, 0x1eff) + range(0x20a0, 0x20ab) + range(0x20ad, 0x20cf),
};

await mkdir(to, { recursive: true });
for (const font of fonts) {
  const [name, file] = font.split("=");
  const whole = await readFile(join(from, file));
  for (const [part, letters] of Object.entries(parts)) {
    await writeFile(join(to, `${name}${part}.woff2`), await subsetFont(whole, letters, { targetFormat: "woff2" }));
  }
}
