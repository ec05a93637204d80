// Makes the staff's desk quicker. Every page works without it.
