"""What Discord shows: cards, buttons, answers. A message is drawn from the job, never the other way round."""
