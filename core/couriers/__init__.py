"""Ways by which a letter leaves the machine: mail, text messages, WeChat Work, webhooks; they know no database."""
