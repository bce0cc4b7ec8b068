import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "@/words/en.json";
import visitorEnglish from "@/visitor/words/en.json";
import visitorChinese from "@/visitor/words/zh.json";
import zh from "@/words/zh.json";

type Catalogue = Record<string, Record<string, string>>;
const catalogues: Record<string, Catalogue> = { zh, en };

function flat(catalogue: Catalogue): [string, string][] {
  return Object.entries(catalogue).flatMap(([area, words]) =>
    Object.entries(words).map(([key, text]): [string, string] => [`${area}.${key}`, text]),
  );
}

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.startsWith("schema") ? [readFileSync(path, "utf8")] : [];
  });
}

describe("words", () => {
  it("are there in both languages, none of them empty", () => {
    const [chinese, english] = [flat(zh), flat(en)];
    expect(chinese.map(([key]) => key)).toEqual(english.map(([key]) => key));
    expect([...chinese, ...english].filter(([, text]) => !text.trim())).toEqual([]);
  });

  it("name the same values in both languages", () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).toSorted();
    const chinese = new Map(flat(zh));
    const differing = flat(en).filter(([key, text]) => values(text).join() !== values(chinese.get(key) ?? "").join());
    expect(differing).toEqual([]);
  });

  it("are Chinese in the Chinese list", () => {
    const foreign = flat(zh).filter(([, text]) => !/[\u4e00-\u9fff]/.test(text));
    expect(foreign.map(([key]) => key)).toEqual([]);
  });

  it("are all used: a key appears in the sources, or its beginning is put together there", () => {
    const text = sources("src").join("\n");
    const beginnings = [...text.matchAll(/[`"]([a-z_]+\.(?:[a-z_]+_)?)\$\{/g)].map((match) => match[1] ?? "");
    const unused = flat(catalogues.en ?? {}).filter(
      ([key]) => !text.includes(`"${key}"`) && !beginnings.some((beginning) => key.startsWith(beginning)),
    );
    expect(unused.map(([key]) => key)).toEqual([]);
  });
});

describe("words of the public pages", () => {
  it("are there in both languages, name the same values, and are all used", () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).toSorted();
    const chinese: Record<string, string> = visitorChinese;
    const english = Object.entries(visitorEnglish);
    expect(Object.keys(chinese)).toEqual(Object.keys(visitorEnglish));
    expect(english.filter(([key, text]) => values(text).join() !== values(chinese[key] ?? "").join())).toEqual([]);
    expect(Object.values(chinese).filter((text) => !/[\u4e00-\u9fff]/.test(text))).toEqual([]);
    const text = sources("src/visitor").join("\n");
    const unused = english.filter(([key]) => !text.includes(`"${key}"`) && !/^(house|ended)_/.test(key));
    expect(unused.map(([key]) => key)).toEqual([]);
  });
});
