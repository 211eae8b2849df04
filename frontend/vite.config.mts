import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const outDir = join(here, "../src/xiezhi/web/static/dist");

/** One entry a page family; the key in the manifest is the path, which templates name: {% front_end "desk/main.ts" %}. */
const entries = ["desk/main.ts", "portal/main.ts", "portal/verify.ts", "portal/compare.ts"];

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

/** WhiteNoise serves a file's .br or .gz where one lies beside it; so no collectstatic step is needed to compress. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    closeBundle: {
      order: "post",
      handler() {
        for (const path of [...files(outDir)].filter((p) => /\.(js|css|svg)$/.test(p))) {
          const bytes = readFileSync(path);
          if (bytes.length < 512) continue;
          writeFileSync(`${path}.br`, brotliCompressSync(bytes));
          writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        }
      },
    },
  };
}

/** Documents are set with these faces; the program finds them in its own folder, with or without Node on the machine. */
function fonts(): Plugin {
  const faces = { "400Regular": "NotoSerifSC_400Regular.ttf", "700Bold": "NotoSerifSC_700Bold.ttf" };
  const target = join(here, "../src/xiezhi/documents/fonts");
  return {
    name: "fonts",
    apply: "build",
    closeBundle() {
      const source = join(here, "node_modules/@expo-google-fonts/noto-serif-sc");
      if (!existsSync(source)) return;
      mkdirSync(target, { recursive: true });
      for (const [weight, name] of Object.entries(faces)) copyFileSync(join(source, weight, name), join(target, name));
      copyFileSync(join(source, "LICENSE_FONT"), join(target, "OFL.txt"));
    },
  };
}

export default defineConfig({
  root: here,
  base: "/static/dist/",
  publicDir: false,
  plugins: [precompress(), fonts()],
  css: {
    preprocessorOptions: {
      // Bootstrap 5.3 is written with @import; its warnings are not ours to mend.
      scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"] },
    },
  },
  // Module workers are younger than the browsers that we still serve.
  worker: { format: "iife" },
  build: {
    outDir,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome87", "safari14"],
    cssTarget: ["chrome87", "safari14"],
    // The content policy allows no data: scripts or styles; every asset is a file.
    assetsInlineLimit: 0,
    // The polyfill is inline script, which the policy forbids.
    modulePreload: { polyfill: false },
    rollupOptions: { input: Object.fromEntries(entries.map((e) => [e.replace(/\.ts$/, "").replace("/", "-"), join(here, e)])) },
  },
  test: { environment: "node", include: ["**/*.test.ts"] },
} as import("vite").UserConfig);
