"""One file per child: kept, found, visited, moved and merged; what describes a child is opened only on demand."""
