"""Files of rows: CSV, XLSX, ODS, XML and JSON lines, read to rows of cells and written from them."""
