"""Who may: keys, sign-in sessions, embeds, limits, and the one gate every request passes."""
