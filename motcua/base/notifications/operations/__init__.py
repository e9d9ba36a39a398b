"""Tell people (`telling`), send what waits (`sending`), look after what could not be sent (`dead_letters`)."""
