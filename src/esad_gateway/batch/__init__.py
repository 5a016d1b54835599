"""Many at once: drafts out of JSON and CSV, tables of SAAD documents and of dispatches; files, on all processors."""
