import { defineConfig, type Plugin } from "vite";

/**
 * Observable Plot writes a <style> element into each chart, which the pages' content security policy refuses; its rules
 * stand in islands/chart.css instead.
 */
function plotWithoutStyleElement(): Plugin {
  const element = /\.call\(\(svg\) =>[\s\n]*\/\/[^]*?svg\.append\("style"\)\.text\([^]*?`[^]*?`[\s\n]*\)[\s\n]*\)/;
  return {
    name: "plot-without-style-element",
    transform(code, id) {
      if (!id.endsWith("@observablehq/plot/src/plot.js")) return undefined;
      if (!element.test(code)) this.error("the style element of Observable Plot is not where it was: see vite.config.ts");
      return { code: code.replace(element, ""), map: null };
    },
  };
}

/** The same for the column resizer inside the editor's table of results; its rules stand in islands/sparql.css. */
function editorWithoutStyleElement(): Plugin {
  const method = '"createStyle", (function(e, n) {';
  return {
    name: "editor-without-style-element",
    transform(code, id) {
      if (!id.endsWith("@zazuko/yasgui/build/yasgui.esm.js")) return undefined;
      if (code.split(method).length !== 2) this.error("createStyle of the column resizer is not where it was: see vite.config.ts");
      return { code: code.replace(method, `${method} return;`), map: null };
    },
  };
}

// Parts of Observable Plot that no chart of ours reaches (maps, legends, tips, colour schemes): a quarter of its size.
const UNUSED_IN_PLOT: Readonly<Record<string, string>> = {
  "projection.js":
    "const none = () => undefined; export { none as createProjection, none as projectionAspectRatio, none as project, none as xyProjection };" +
    "export const hasProjection = () => false; export const applyPosition = undefined, getGeometryChannels = undefined;",
  "legends.js": "export const createLegends = () => []; export const exposeLegends = () => () => undefined; export const legend = undefined;",
  "marks/tip.js": "export const tip = undefined, Tip = undefined, getSource = undefined;",
  "scales/schemes.js":
    "const none = () => undefined; const no = () => false;" +
    "export { none as ordinalScheme, none as ordinalRange, none as quantitativeScheme, none as maybeBooleanRange, none as interpolatePiecewise };" +
    "export { no as isCategoricalScheme, no as isDivergingScheme };",
};

function plotWithoutUnused(): Plugin {
  return {
    name: "plot-without-unused",
    load(id) {
      const part = id.split("@observablehq/plot/src/")[1];
      return part ? UNUSED_IN_PLOT[part] : undefined;
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [plotWithoutStyleElement(), plotWithoutUnused(), editorWithoutStyleElement()],
  build: {
    outDir: "../src/avvn_graph/service/static/islands",
    emptyOutDir: true,
    target: "es2022",
    // light-dark() is the pages' own way to two schemes; it must not be rewritten.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: "src/main.ts",
      // The editor's JSON polyfill has an eval that no browser of today reaches.
      checks: { eval: false },
      output: {
        entryFileNames: "main.js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
