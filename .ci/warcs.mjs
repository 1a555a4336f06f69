// Reads WARC files with a reader that nobody of ours wrote: every record, every payload.
// Arguments: files. It needs the package warcio (npm) beside it in node_modules.
import fs from "node:fs";
import { WARCParser } from "warcio";

let records = 0, failed = 0;
for (const path of process.argv.slice(2)) {
  const types = {};
  try {
    for await (const record of new WARCParser(fs.createReadStream(path))) {
      records++;
      types[record.warcType] = (types[record.warcType] ?? 0) + 1;
      const payload = await record.readFully(false);
      const length = Number(record.warcHeader("Content-Length"));
      if (!record.warcDate || Number.isNaN(length)) throw new Error(`record ${records} has no date or length`);
      if (record.warcType === "response") {
        if (!(record.httpHeaders?.statusCode > 0)) throw new Error(`${record.warcTargetURI}: no HTTP status`);
        const decoded = await record.contentText();
        if (payload.length > 0 && decoded.length === 0) throw new Error(`${record.warcTargetURI}: payload can't be decoded`);
      }
    }
    console.log(`${path.split("/").pop()}: ${JSON.stringify(types)}`);
  } catch (error) {
    failed++;
    console.error(`${path}: ${error.message}`);
  }
}
console.log(`${records} records read, ${failed} files failed`);
process.exit(failed > 0 || records === 0 ? 1 : 0);
