import type { ReactNode } from 'react'
import { Button, type ButtonProps } from './Button'
import { classNames } from './class-names'
import { Tooltip } from './Tooltip'

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** Its name for assistive tools, and its tooltip. */
  readonly label: string
  readonly icon: ReactNode
}

export function IconButton({
  label,
  icon,
  variant = 'ghost',
  className,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <Tooltip text={label}>
      <Button
        {...rest}
        variant={variant}
        icon={icon}
        aria-label={label}
        className={classNames('icon-button', className)}
      />
    </Tooltip>
  )
}
