"""The processes behind the pages: thin; what they do stands in app."""
