/** The name and its sign: places on a line, the next one lit. */
export function Mark() {
  return (
    <span className="mark">
      <svg viewBox="0 0 44 20" aria-hidden="true" focusable="false">
        <path d="M2 10h32" className="mark-line" />
        <circle cx="6" cy="10" r="3.5" className="mark-place" />
        <circle cx="18" cy="10" r="3.5" className="mark-place" />
        <circle cx="34" cy="10" r="6.5" className="mark-next" />
      </svg>
      <span className="mark-name">Linekeeper</span>
    </span>
  );
}
