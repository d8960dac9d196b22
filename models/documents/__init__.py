"""UBL documents, Peppol BIS 3 and OIOUBL, to facts. Enter by `read_document`."""

from models.documents.catalogues import CatalogueAction, CatalogueDocument, CatalogueLine
from models.documents.reader import NoPurchase, read_document

__all__ = ["CatalogueAction", "CatalogueDocument", "CatalogueLine", "NoPurchase", "read_document"]
