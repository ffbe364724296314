// One set of compiler settings: the artifact that ships and the code that is tested are the same bytes.
export const settings = {
  evmVersion: "paris",
  optimizer: { enabled: true, runs: 200 },
  // Without metadata the bytes depend on the code alone, not on comments or paths.
  metadata: { bytecodeHash: "none", appendCBOR: false },
};
