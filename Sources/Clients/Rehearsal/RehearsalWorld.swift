// Empty room.
