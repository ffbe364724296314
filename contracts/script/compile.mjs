// Compile src/ContractLedger.sol into resources/abi/ContractLedger.json.
// usage: node script/compile.mjs [--check]    --check compares instead of writing; exit 1 if they differ.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sha3 from "js-sha3";
import solc from "solc";
import { settings } from "./settings.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const name = "ContractLedger";
const file = `src/${name}.sol`;
const target = join(here, "..", "..", "resources", "abi", `${name}.json`);

function compile() {
  const input = {
    language: "Solidity",
    sources: { [file]: { content: readFileSync(join(here, "..", file), "utf8") } },
    settings: {
      ...settings,
      outputSelection: { "*": { [name]: ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  if (output.errors?.length) {
    throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));
  }
  return output.contracts[file][name];
}

const { abi, evm } = compile();
const artifact = {
  contract: name,
  compiler: { version: solc.version(), settings },
  abi,
  bytecode: evm.bytecode.object,
  code: sha3.keccak256(Buffer.from(evm.deployedBytecode.object, "hex")),
};
const text = JSON.stringify(artifact, null, 1) + "\n";
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error(`${target} is not what ${file} compiles to: run "npm run compile".`);
    process.exit(1);
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
