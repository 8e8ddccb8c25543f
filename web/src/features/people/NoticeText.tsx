/** The text of a privacy notice: paragraphs are parted by an empty line. */
export function NoticeText({ text, lang }: { text: string; lang?: 'cs' | undefined }) {
  return (
    <div className="notice" lang={lang}>
      {text.split(/\n{2,}/).map((paragraph, i) => <p key={i}>{paragraph}</p>)}
    </div>
  )
}
