// Bundles src/ into ../static/dist under names that carry a hash of the content, so that a browser may keep a file for
// ever, and writes manifest.json, which maps the plain name to the hashed one: {"main.js": "main-7Q3KX2AB.js", …}.
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../static/dist");

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts", "src/style.css"],
  entryNames: "[name]-[hash]",
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "eof",
  metafile: true,
});

const manifest = {};
for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (!entryPoint) continue;
  const plain = basename(entryPoint).replace(/\.ts$/, ".js");
  manifest[plain] = basename(output);
}

// The new manifest takes the old one's place in one step, and only then do the old files go: a server that is running
// never reads half a manifest.
const draft = join(target, "manifest.json.new");
await writeFile(draft, JSON.stringify(manifest, null, 2) + "\n");
await rename(draft, join(target, "manifest.json"));
const kept = new Set(["manifest.json", ...Object.keys(metafile.outputs).map((output) => basename(output))]);
for (const name of await readdir(target)) {
  if (!kept.has(name)) await rm(join(target, name), { recursive: true });
}
