-- Requests drawn at random, by a seed, from a file: method, path, header, its value and body a line, tabs between them.

local asked = {}

function init(arguments)
  math.randomseed(tonumber(arguments[2]))
  for line in io.lines(arguments[1]) do
    local method, path, header, value, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {}
    if header ~= "" then headers[header] = value end
    if body ~= "" then headers["Content-Type"] = "application/json" end
    asked[#asked + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  return asked[math.random(#asked)]
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    "measured requests=%d microseconds=%d bytes=%d p50=%d p95=%d p99=%d refused=%d broken=%d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    failed.status, failed.connect + failed.read + failed.write + failed.timeout))
end
