"""The demo's content: procedures, agencies, people, dossiers in every state, made by the real operations."""
