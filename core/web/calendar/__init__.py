"""The station's calendar: closed days with their consequences, and the years that the State Council has arranged."""
