-- A consumer that no longer takes a topic must not keep its events for ever.
GRANT DELETE ON bus.progress TO ticketshow_bus;
