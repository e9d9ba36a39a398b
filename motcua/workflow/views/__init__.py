"""Staff pages on workflows: looking, editing a draft, comparing, publishing, trying, the drawing."""
