"""The Excel workbook in which a station enters what it has: written, read and checked in memory, then stored."""
