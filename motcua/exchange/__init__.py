"""Programs of other agencies: who they are, what they may ask, what they are told. The interface is `rest`."""
