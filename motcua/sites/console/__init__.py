"""The officer's console: whoever sits at a counter or at the guide desk of the hall."""
