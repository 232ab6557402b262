"""Tokenizes lines with the reference, the package tokenizers of Hugging Face.

Reads {"tokenizer": a tokenizer.json, "lines": texts, "forms": bool} from
standard input. Writes a CRC-32 a line in 8 hexadecimal digits: of the ids, each
in four bytes, little end first, or of the line's normal form if forms is true.
Run by TestSameAsReference."""
import json
import sys
import zlib
from array import array

from tokenizers import Tokenizer

request = json.load(sys.stdin)
tokenizer = Tokenizer.from_str(json.dumps(request["tokenizer"]))
tokenizer.no_truncation()
tokenizer.no_padding()


def content(line):
    if request["forms"]:
        return tokenizer.normalizer.normalize_str(line).encode()
    ids = array("I", tokenizer.encode(line).ids)
    if sys.byteorder == "big":
        ids.byteswap()
    return ids.tobytes()


for line in request["lines"]:
    print(f"{zlib.crc32(content(line)):08x}")
