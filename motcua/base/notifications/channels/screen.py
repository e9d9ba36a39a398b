"""The officer's screen: nothing is handed over, a message is there once it is written."""

NAME = "screen"
