import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = ["account", "admin", "contacts", "desk", "floor", "queues", "reports", "tickets"];

/** Text on screen comes from the word lists (src/app/words), so that Chinese and English stay equals. */
const noHardCodedText = [
  {
    selector: "JSXText[value=/[A-Za-z\\u4e00-\\u9fff]{2}/]",
    message: "Text on screen belongs in src/app/words: use t(...).",
  },
  {
    selector:
      "JSXAttribute[name.name=/^(title|label|placeholder|alt|aria-label|description|tooltip|okText|cancelText|message)$/] > Literal[value=/[A-Za-z\\u4e00-\\u9fff]{2}/]",
    message: "Text on screen belongs in src/app/words: use t(...).",
  },
  {
    selector: "Literal[value=/[\\u4e00-\\u9fff]/]",
    message: "Chinese text belongs in src/app/words: use t(...).",
  },
];

/** The public pages are light: nothing of the application comes along, and no library beside React. */
const light = {
  files: ["src/visitor/**"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: ["antd", "antd/*", "@ant-design/*", "i18next", "react-i18next", "react-router", "@tanstack/*"],
            message: "The public pages are light: React alone.",
          },
          { group: ["@/features/*", "@/shared/*", "@/words", "@/app/*"], message: "Nothing of the application." },
        ],
      },
    ],
  },
};

/** Walls: features never import each other; what two of them need lies in shared/, live/, api/ or softphone/. */
const walls = features.map((feature) => ({
  files: [`src/features/${feature}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`),
            message: "Features never import each other.",
          },
          { group: ["../*"], message: "Import from another room by its @/ name." },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["node_modules", "src/api/schema.d.ts", "dist"] },
  ...tseslint.configs.strict,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "no-restricted-syntax": ["error", ...noHardCodedText],
      "no-console": "error",
      eqeqeq: "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/{shared,live,api,softphone,app/i18n.ts}/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@/features/*", "@/features/**"], message: "The lower rooms know no feature." }] },
      ],
    },
  },
  ...walls,
  light,
);
