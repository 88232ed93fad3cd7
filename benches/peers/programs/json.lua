-- JSON made, read, walked and written again: twin of dyn-json.rga, and the source of its results.
-- Returns run(n): a text of n records becomes arrays and maps; numbers, lengths and depths in them are added up; then it is
-- written, and must be the text it was.
local byte, sub, format = string.byte, string.sub, string.format
local null = {}

local function bytes(chars)                           -- the bytes of these characters, as numbers
  return byte(chars, 1, #chars)
end
local QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, OPEN_MAP, CLOSE_MAP, MINUS, POINT, ZERO, NINE, N, T, F =
  bytes('"\\,:[]{}-.09ntf')

-- Text.
local function make(n)
  local seed = 42
  local function random(limit)
    seed = (seed * 1229 + 17) % 65536
    return seed % limit
  end
  local parts = { "[" }
  local function add(text) parts[#parts + 1] = text end
  for i = 0, n - 1 do
    if i > 0 then add(",") end
    add('{"id":') add(format("%d", i))
    add(',"name":"') add(random(4) == 0 and 'a \\"b\\" c\\\\d\\n' or "entry ") add(format("%d", random(1000)))
    add('","at":{"x":') add(format("%.14g", (random(8000) - 4000) / 4))
    add(',"y":') add(format("%.14g", (random(8000) - 4000) / 4))
    add('},"tags":[')
    local tags = random(5)
    for tag = 1, tags do
      if tag > 1 then add(",") end
      add('"t') add(format("%d", random(50))) add('"')
    end
    local state = random(3)
    add('],"state":') add(state == 0 and "true" or state == 1 and "false" or "null")
    add("}")
  end
  add("]")
  return table.concat(parts)
end

-- Reading.
local function skip(reader)                           -- the next byte that is not blank
  local text, at = reader.text, reader.at
  local c = byte(text, at)
  while c <= 32 do
    at = at + 1
    c = byte(text, at)
  end
  reader.at = at
  return c
end

local function number(reader)
  local text, at = reader.text, reader.at
  local c = byte(text, at)
  local negative = c == MINUS
  if negative then
    at = at + 1
    c = byte(text, at)
  end
  local value, scale = 0, 1
  while c >= ZERO and c <= NINE do
    value = value * 10 + (c - ZERO)
    at = at + 1
    c = byte(text, at)
  end
  if c == POINT then
    at = at + 1
    c = byte(text, at)
    while c >= ZERO and c <= NINE do
      value = value * 10 + (c - ZERO)
      scale = scale * 10
      at = at + 1
      c = byte(text, at)
    end
    value = value / scale
  end
  reader.at = at
  if negative then return -value end
  return value
end

local function string_(reader)
  local text, at = reader.text, reader.at + 1
  local from, value = at, ""
  local c = byte(text, at)
  while c ~= QUOTE do
    if c == BACKSLASH then
      value = value .. sub(text, from, at - 1)
      at = at + 1
      c = byte(text, at)
      if c == N then
        value = value .. "\n"
        from = at + 1
      else
        from = at
      end
    end
    at = at + 1
    c = byte(text, at)
  end
  reader.at = at + 1
  if value == "" then return sub(text, from, at - 1) end
  return value .. sub(text, from, at - 1)
end

local read

local function array(reader)
  local list, n = { kind = "array" }, 0
  reader.at = reader.at + 1
  local c = skip(reader)
  if c == CLOSE then
    reader.at = reader.at + 1
    list.n = 0
    return list
  end
  repeat
    n = n + 1
    list[n] = read(reader)
    c = skip(reader)
    reader.at = reader.at + 1
  until c ~= COMMA
  list.n = n
  return list
end

local function map(reader)
  local keys, values, n = {}, {}, 0
  reader.at = reader.at + 1
  local c = skip(reader)
  if c == CLOSE_MAP then
    reader.at = reader.at + 1
    return { kind = "map", keys = keys, values = values, n = n }
  end
  repeat
    skip(reader)
    local key = string_(reader)
    skip(reader)
    reader.at = reader.at + 1
    n = n + 1
    keys[n] = key
    values[key] = read(reader)
    c = skip(reader)
    reader.at = reader.at + 1
  until c ~= COMMA
  return { kind = "map", keys = keys, values = values, n = n }
end

function read(reader)
  local c = skip(reader)
  if c == OPEN_MAP then return map(reader) end
  if c == OPEN then return array(reader) end
  if c == QUOTE then return string_(reader) end
  if c == T then
    reader.at = reader.at + 4
    return true
  end
  if c == F then
    reader.at = reader.at + 5
    return false
  end
  if c == N then
    reader.at = reader.at + 4
    return null
  end
  return number(reader)
end

-- Walking.
local function walk(value, depth)
  local kind = type(value)
  if kind == "number" then return value end
  if kind == "string" then return #value end
  if kind == "boolean" then return value and 1 or 2 end
  if value == null then return 3 end
  local sum = depth
  if value.kind == "array" then
    for i = 1, value.n do sum = sum + walk(value[i], depth + 1) end
    return sum
  end
  local keys, values = value.keys, value.values
  for i = 1, value.n do
    local key = keys[i]
    sum = sum + #key + walk(values[key], depth + 1)
  end
  return sum
end

-- Writing.
local function quoted(parts, text)
  local from, len = 1, #text
  parts[#parts + 1] = '"'
  for at = 1, len do
    local c = byte(text, at)
    if c == QUOTE or c == BACKSLASH or c < 32 then
      parts[#parts + 1] = sub(text, from, at - 1)
      if c < 32 then
        parts[#parts + 1] = "\\n"
        from = at + 1
      else
        parts[#parts + 1] = "\\"
        from = at
      end
    end
  end
  parts[#parts + 1] = from == 1 and text or sub(text, from, len)
  parts[#parts + 1] = '"'
end

local function write(parts, value)
  local kind = type(value)
  if kind == "number" then
    parts[#parts + 1] = format("%.14g", value)
  elseif kind == "string" then
    quoted(parts, value)
  elseif kind == "boolean" then
    parts[#parts + 1] = value and "true" or "false"
  elseif value == null then
    parts[#parts + 1] = "null"
  elseif value.kind == "array" then
    parts[#parts + 1] = "["
    for i = 1, value.n do
      if i > 1 then parts[#parts + 1] = "," end
      write(parts, value[i])
    end
    parts[#parts + 1] = "]"
  else
    parts[#parts + 1] = "{"
    for i = 1, value.n do
      if i > 1 then parts[#parts + 1] = "," end
      local key = value.keys[i]
      quoted(parts, key)
      parts[#parts + 1] = ":"
      write(parts, value.values[key])
    end
    parts[#parts + 1] = "}"
  end
end

return function(n)
  local text = make(n)
  local value = read({ text = text, at = 1 })
  local parts = {}
  write(parts, value)
  if table.concat(parts) ~= text then error("what was written is not what was read") end
  return walk(value, 1) + #text
end
