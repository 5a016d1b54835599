"""What the tables that people upload say: columns, readers, rows to documents, faults in their cells, corrections."""
