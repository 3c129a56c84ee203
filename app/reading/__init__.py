"""What the pages of staff show, read by columns in few queries and worded once: no objects, no templates."""
