"""What pyHanko says of the signatures in a PDF: by_pyhanko.py FILE ROOT.pem TIME. Prints one fact a line."""

import sys
from datetime import datetime

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def main():
    path, root, at = sys.argv[1:]
    root = load_cert_from_pemder(root)
    context = ValidationContext(trust_roots=[root], moment=datetime.fromisoformat(at), allow_fetching=False)
    with open(path, "rb") as file:
        for signature in PdfFileReader(file).embedded_signatures:
            status = validate_pdf_signature(signature, context, ts_validation_context=context)
            print("field", signature.field_name)
            print("signature intact", status.intact)
            print("signature valid", status.valid)
            print("signature trusted", status.trusted)
            print("coverage", status.coverage.name)
            stamp = status.timestamp_validity
            if stamp is not None:
                print("stamp intact", stamp.intact and stamp.valid)
                print("stamp trusted", stamp.trusted)


if __name__ == "__main__":
    main()
