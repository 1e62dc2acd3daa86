"""For authors of methods and plug-ins: simulated conflicts whose truth is known."""
