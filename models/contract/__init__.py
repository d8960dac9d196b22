"""The contract with the outside: events as they are sent, decoded to facts or refused with a sentence."""
