/** Reads the codes in the frames of a camera, beside the page; zxing/README.md says what reads them. */
importScripts("zxing/reader.js");

const OPTIONS = {
  formats: ["Code128", "Code39", "Code93", "Codabar", "ITF", "EANUPC", "QRCode", "DataMatrix"],
  textMode: "Plain",
  tryHarder: true,
  tryInvert: false,
  maxNumberOfSymbols: 8,
};

ZXingWASM.prepareZXingModule({ overrides: { locateFile: (name) => new URL(`zxing/${name}`, location.href).href } });

const average = (corners, side) => corners.reduce((sum, corner) => sum + corner[side], 0) / corners.length;

function placed({ text, position: { topLeft, topRight, bottomRight, bottomLeft } }) {
  const corners = [topLeft, topRight, bottomRight, bottomLeft];
  return { text, x: average(corners, "x"), y: average(corners, "y") };
}

onmessage = async ({ data }) => {
  try {
    const found = await ZXingWASM.readBarcodes(data, OPTIONS);
    postMessage({ found: found.filter(({ isValid }) => isValid).map(placed) });
  } catch {
    postMessage({ failed: true });
  }
};
