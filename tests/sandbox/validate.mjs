// Reads paths of GLB files, one a line, and prints what Khronos' validator says of each as one line of JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const validator = createRequire(process.cwd() + "/")("gltf-validator");
for (const path of readFileSync(0, "utf8").trim().split("\n")) {
  const { issues } = await validator.validateBytes(new Uint8Array(readFileSync(path)), { maxIssues: 20 });
  const { numErrors: errors, numWarnings: warnings, messages } = issues;
  console.log(JSON.stringify({ path, errors, warnings, messages }));
}
