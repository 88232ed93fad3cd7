-- A task scheduler of an operating system in small: twin of dyn-richards.rga, and the source of its results.
-- Returns run(n): n simulations from the start, packets sent and tasks held added up.
local WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = 2, 3, 4, 5, 6
local DEVICE, WORK = 0, 1

local function class(parent)
  local c = setmetatable({}, parent)
  c.__index = c
  return c
end

local xor = bit and bit.bxor or load("return function(a, b) return a ~ b end")()

local function append(packet, queue)
  packet.next = nil
  if not queue then return packet end
  local last = queue
  while last.next do last = last.next end
  last.next = packet
  return queue
end

local Kernel = class()

function Kernel:add(task)
  task.next = self.tasks
  self.tasks = task
  self.by_id[task.id] = task
end

function Kernel:schedule()
  local task = self.tasks
  while task do
    if task.held or (task.waiting and not task.pending) then
      task = task.next
    else
      self.current = task
      task = task:resume()
    end
  end
end

function Kernel:wait()
  local current = self.current
  current.waiting = true
  return current
end

function Kernel:hold()
  local current = self.current
  self.holds = self.holds + 1
  current.held = true
  return current.next
end

function Kernel:release(id)
  local task, current = self.by_id[id], self.current
  task.held = false
  if task.priority > current.priority then return task end
  return current
end

function Kernel:send(packet)
  local task, current = self.by_id[packet.to], self.current
  self.sends = self.sends + 1
  packet.next = nil
  packet.to = current.id
  return task:receive(packet, current)
end

local Task = class()

function Task:receive(packet, sender)
  if self.inbox then
    append(packet, self.inbox)
  else
    self.inbox = packet
    self.pending = true
    if self.priority > sender.priority then return self end
  end
  return sender
end

function Task:resume()
  local packet
  if self.pending and self.waiting then
    packet = self.inbox
    self.inbox = packet.next
    self.waiting = false
    self.pending = self.inbox ~= nil
  end
  return self:run(packet)
end

local Idle, Worker, Handler, Device = class(Task), class(Task), class(Task), class(Task)

function Idle:run()
  local kernel = self.kernel
  self.left = self.left - 1
  if self.left == 0 then return kernel:hold() end
  local half = math.floor(self.control / 2)
  if self.control % 2 == 0 then
    self.control = half
    return kernel:release(DEVICE_A)
  end
  self.control = xor(half, 0xD008)
  return kernel:release(DEVICE_B)
end

function Worker:run(packet)
  if not packet then return self.kernel:wait() end
  self.handler = self.handler == HANDLER_A and HANDLER_B or HANDLER_A
  packet.to = self.handler
  packet.at = 0
  for i = 0, 3 do
    self.letter = self.letter + 1
    if self.letter > 26 then self.letter = 1 end
    packet.letters[i] = 64 + self.letter
  end
  return self.kernel:send(packet)
end

function Handler:run(packet)
  if packet then
    if packet.kind == WORK then
      self.work = append(packet, self.work)
    else
      self.devices = append(packet, self.devices)
    end
  end
  local work = self.work
  if work then
    local at = work.at
    if at > 3 then
      self.work = work.next
      return self.kernel:send(work)
    end
    local device = self.devices
    if device then
      self.devices = device.next
      device.at = work.letters[at]
      work.at = at + 1
      return self.kernel:send(device)
    end
  end
  return self.kernel:wait()
end

function Device:run(packet)
  if packet then
    self.busy = packet
    return self.kernel:hold()
  end
  packet = self.busy
  if not packet then return self.kernel:wait() end
  self.busy = nil
  return self.kernel:send(packet)
end

local function task(class, kernel, id, priority, inbox)
  local t = setmetatable({ kernel = kernel, id = id, priority = priority, inbox = inbox }, class)
  t.held, t.waiting, t.pending = false, true, inbox ~= nil
  return t
end

local function packets(count, to, kind)
  local queue
  for _ = 1, count do queue = { next = queue, to = to, kind = kind, at = 0, letters = { [0] = 0, 0, 0, 0 } } end
  return queue
end

local function simulate(count)
  local kernel = setmetatable({ by_id = {}, sends = 0, holds = 0 }, Kernel)
  local idle = task(Idle, kernel, 1, 0)
  idle.left, idle.control, idle.waiting = count, 1, false
  kernel:add(idle)
  local worker = task(Worker, kernel, WORKER, 1000, packets(2, WORKER, WORK))
  worker.handler, worker.letter = HANDLER_A, 0
  kernel:add(worker)
  kernel:add(task(Handler, kernel, HANDLER_A, 2000, packets(3, DEVICE_A, DEVICE)))
  kernel:add(task(Handler, kernel, HANDLER_B, 3000, packets(3, DEVICE_B, DEVICE)))
  kernel:add(task(Device, kernel, DEVICE_A, 4000))
  kernel:add(task(Device, kernel, DEVICE_B, 5000))
  kernel:schedule()
  return kernel
end

return function(n)
  local sends, holds = 0, 0
  for _ = 1, n do
    local kernel = simulate(10000)
    sends, holds = sends + kernel.sends, holds + kernel.holds
  end
  return sends + holds
end
