"""Files that readers open: pages, the leaders' page, and what a notebook hands to them."""
