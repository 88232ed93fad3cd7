// The sun and four planets pull at each other for n steps of 0.01 years; the result is their energy after that.
(function () {
  const PI = 3.141592653589793, DAYS_PER_YEAR = 365.24, SOLAR_MASS = 4 * PI * PI, sqrt = Math.sqrt;

  const bodies = [
    // the sun
    { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, m: SOLAR_MASS },
    // Jupiter
    {
      x: 4.84143144246472090e+00, y: -1.16032004402742839e+00, z: -1.03622044471123109e-01,
      vx: 1.66007664274403694e-03 * DAYS_PER_YEAR,
      vy: 7.69901118419740425e-03 * DAYS_PER_YEAR,
      vz: -6.90460016972063023e-05 * DAYS_PER_YEAR,
      m: 9.54791938424326609e-04 * SOLAR_MASS,
    },
    // Saturn
    {
      x: 8.34336671824457987e+00, y: 4.12479856412430479e+00, z: -4.03523417114321381e-01,
      vx: -2.76742510726411930e-03 * DAYS_PER_YEAR,
      vy: 4.99852801234917238e-03 * DAYS_PER_YEAR,
      vz: 2.30417297573763929e-05 * DAYS_PER_YEAR,
      m: 2.85885980666130812e-04 * SOLAR_MASS,
    },
    // Uranus
    {
      x: 1.28943695621391310e+01, y: -1.51111514016986312e+01, z: -2.23307578892655734e-01,
      vx: 2.96460137564761618e-03 * DAYS_PER_YEAR,
      vy: 2.37847173959480950e-03 * DAYS_PER_YEAR,
      vz: -2.96589568540237556e-05 * DAYS_PER_YEAR,
      m: 4.36624404335156298e-05 * SOLAR_MASS,
    },
    // Neptune
    {
      x: 1.53796971148509165e+01, y: -2.59193146099879641e+01, z: 1.79258772950371181e-01,
      vx: 2.68067772490389322e-03 * DAYS_PER_YEAR,
      vy: 1.62824170038242295e-03 * DAYS_PER_YEAR,
      vz: -9.51592254519715870e-05 * DAYS_PER_YEAR,
      m: 5.15138902046611451e-05 * SOLAR_MASS,
    },
  ];

  function energy() {
    let sum = 0;
    for (let i = 0; i < 5; i++) {
      const p = bodies[i];
      sum += 0.5 * p.m * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz);
      for (let j = i + 1; j < 5; j++) {
        const q = bodies[j];
        const dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
        sum -= p.m * q.m / sqrt(dx * dx + dy * dy + dz * dz);
      }
    }
    return sum;
  }

  function step(dt) {
    for (let i = 0; i < 5; i++) {
      const p = bodies[i];
      for (let j = i + 1; j < 5; j++) {
        const q = bodies[j];
        const dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
        const distance2 = dx * dx + dy * dy + dz * dz;
        const pull = dt / (distance2 * sqrt(distance2));
        const qm = q.m * pull;
        p.vx -= dx * qm;
        p.vy -= dy * qm;
        p.vz -= dz * qm;
        const pm = p.m * pull;
        q.vx += dx * pm;
        q.vy += dy * pm;
        q.vz += dz * pm;
      }
    }
    for (let i = 0; i < 5; i++) {
      const p = bodies[i];
      p.x += dt * p.vx;
      p.y += dt * p.vy;
      p.z += dt * p.vz;
    }
  }

  return function (n) {
    // The sun moves so that the momentum of all is 0.
    let px = 0, py = 0, pz = 0;
    for (const p of bodies) {
      px += p.vx * p.m;
      py += p.vy * p.m;
      pz += p.vz * p.m;
    }
    bodies[0].vx = -px / SOLAR_MASS;
    bodies[0].vy = -py / SOLAR_MASS;
    bodies[0].vz = -pz / SOLAR_MASS;

    for (let i = 0; i < n; i++) step(0.01);
    return energy();
  };
})()
