/** Messages of scripts: Chinese is the source, as in Python. A catalogue of another language, as Django's
 *  JavaScriptCatalog serves it, defines the global `gettext`; without one the source is what is read. */
export function gettext(source: string): string {
  const { gettext: translated } = globalThis as { gettext?: (source: string) => string };
  return translated ? translated(source) : source;
}
