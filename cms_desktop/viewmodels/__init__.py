"""What each page knows and can be asked to do. A view-model imports no other view-model."""
