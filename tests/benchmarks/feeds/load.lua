-- Asks for the lines of a file, "path" or "path tag", each as likely as any other, by gzip as calendar programs do.
-- Arguments: the file, a number that differs between runs, and the milliseconds between two requests of a connection.
local asked, pause = {}, 0

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  pause = tonumber(args[3])
  math.randomseed(tonumber(args[2]) * 100 + number)
  for line in io.lines(args[1]) do
    local path, tag = line:match("^(%S+) ?(%S*)$")
    local headers = { ["Accept-Encoding"] = "gzip" }
    if tag ~= "" then headers["If-None-Match"] = tag end
    asked[#asked + 1] = wrk.format("GET", path, headers)
  end
end

function delay()
  return pause > 0 and -pause * math.log(1 - math.random()) or 0
end

function request()
  return asked[math.random(#asked)]
end

function done(summary, latency)
  io.write(string.format("WRK requests=%d micros=%d p50=%d p99=%d p999=%d status=%d other=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
