"""Real servers for the tests, without Docker: `python3 -m tests.stack start|stop NAME DIRECTORY`."""
