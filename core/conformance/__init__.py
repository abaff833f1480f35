"""What every plugin must keep: checks that `weibao plugin check` and the tests of plugins make alike."""
